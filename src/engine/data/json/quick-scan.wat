;; Passes over the members of an object, as member-scanner.ts does, where nothing about it is unusual: quick-scan.ts tells what it is given and
;; what it answers. All places are addresses; 16 bytes are looked at together, those behind $end in vain.
;; quick-scan-code.ts holds this as bytes: `node scripts/assemble.mjs` makes them.
(module
  ;; 0: how many wanted members were found; from 64 on 12 bytes of each: slot, where its value begins, where it ends. Then two tables of
  ;; members: 12 bytes of each member (address of its name with the closing quote, length of that, slot or -1), from 3072 on 4 bytes of each slot
  ;; (the last scan that found it), from 4096 on the names. Then the bytes that are scanned.
  (memory (export "memory") 34)
  (global $OUT i32 (i32.const 64))
  ;; It is left to the other scanner: it is unusual, or the bytes end too early.
  (global $LEFT i32 (i32.const -1))
  (global $MARKS i32 (i32.const 3072))

  (func $isSpace (param $byte i32) (result i32)
    (i32.or
      (i32.or (i32.eq (local.get $byte) (i32.const 0x20)) (i32.eq (local.get $byte) (i32.const 0x0a)))
      (i32.or (i32.eq (local.get $byte) (i32.const 0x0d)) (i32.eq (local.get $byte) (i32.const 0x09)))))

  (func $skipSpace (param $at i32) (param $end i32) (result i32)
    (loop $next
      (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (local.get $end))))
      (if (i32.gt_s (i32.load8_u (local.get $at)) (i32.const 0x20)) (then (return (local.get $at))))
      (if (i32.eqz (call $isSpace (i32.load8_u (local.get $at)))) (then (return (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next))
    (unreachable))

  ;; From behind the opening quote to behind the closing one: the first with an even number of backslashes before it.
  (func $skipText (param $at i32) (param $end i32) (result i32)
    (local $quotes i32) (local $place i32) (local $slash i32)
    (loop $next
      (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $LEFT))))
      (local.set $quotes (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (i8x16.splat (i32.const 0x22)))))
      (block $none
        (loop $each
          (br_if $none (i32.eqz (local.get $quotes)))
          (local.set $place (i32.add (local.get $at) (i32.ctz (local.get $quotes))))
          (if (i32.ge_s (local.get $place) (local.get $end)) (then (return (global.get $LEFT))))
          (local.set $slash (i32.sub (local.get $place) (i32.const 1)))
          (loop $back
            (if (i32.eq (i32.load8_u (local.get $slash)) (i32.const 0x5c))
              (then (local.set $slash (i32.sub (local.get $slash) (i32.const 1))) (br $back))))
          (if (i32.and (i32.sub (local.get $place) (local.get $slash)) (i32.const 1))
            (then (return (i32.add (local.get $place) (i32.const 1)))))
          (local.set $quotes (i32.and (local.get $quotes) (i32.sub (local.get $quotes) (i32.const 1))))
          (br $each)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $next))
    (unreachable))

  ;; From the bracket or brace that opens to behind the one that closes it.
  (func $skipNested (param $at i32) (param $end i32) (result i32)
    (local $depth i32) (local $bytes v128) (local $marks i32) (local $byte i32)
    (loop $next
      (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $LEFT))))
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $marks
        (i8x16.bitmask
          (v128.or
            (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
            ;; With this bit, brackets are braces.
            (v128.or
              (i8x16.eq (v128.or (local.get $bytes) (i8x16.splat (i32.const 0x20))) (i8x16.splat (i32.const 0x7b)))
              (i8x16.eq (v128.or (local.get $bytes) (i8x16.splat (i32.const 0x20))) (i8x16.splat (i32.const 0x7d)))))))
      (if (i32.eqz (local.get $marks))
        (then (local.set $at (i32.add (local.get $at) (i32.const 16))) (br $next)))
      (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $marks))))
      (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $LEFT))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.eq (local.get $byte) (i32.const 0x22))
        (then
          (local.set $at (call $skipText (local.get $at) (local.get $end)))
          (if (i32.eq (local.get $at) (global.get $LEFT)) (then (return (global.get $LEFT))))
          (br $next)))
      ;; Those that open have this bit, those that close have not.
      (local.set $depth
        (i32.add (local.get $depth) (i32.sub (i32.and (local.get $byte) (i32.const 2)) (i32.const 1))))
      (br_if $next (local.get $depth))
      (return (local.get $at)))
    (unreachable))

  ;; A number or word: up to white space, a comma or a bracket.
  (func $skipWord (param $at i32) (param $end i32) (result i32)
    (local $byte i32)
    (local.set $byte (i32.load8_u (local.get $at)))
    (if (i32.eqz
          (i32.or
            (i32.or
              (i32.le_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 9))
              (i32.eq (local.get $byte) (i32.const 0x2d)))
            (i32.or
              (i32.eq (local.get $byte) (i32.const 0x74))
              (i32.or (i32.eq (local.get $byte) (i32.const 0x66)) (i32.eq (local.get $byte) (i32.const 0x6e))))))
      (then (return (global.get $LEFT))))
    (loop $next
      (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $LEFT))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.or
            (i32.or (i32.eq (local.get $byte) (i32.const 0x2c)) (i32.eq (local.get $byte) (i32.const 0x7d)))
            (i32.or (i32.eq (local.get $byte) (i32.const 0x5d)) (call $isSpace (local.get $byte))))
        (then (return (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next))
    (unreachable))

  (func $skipValue (param $at i32) (param $end i32) (result i32)
    (local $byte i32)
    (local.set $byte (i32.load8_u (local.get $at)))
    (if (i32.eq (local.get $byte) (i32.const 0x22))
      (then (return (call $skipText (i32.add (local.get $at) (i32.const 1)) (local.get $end)))))
    (if (i32.or (i32.eq (local.get $byte) (i32.const 0x7b)) (i32.eq (local.get $byte) (i32.const 0x5b)))
      (then (return (call $skipNested (local.get $at) (local.get $end)))))
    (call $skipWord (local.get $at) (local.get $end)))

  ;; From behind a name to its value.
  (func $skipColon (param $at i32) (param $end i32) (result i32)
    (local.set $at (call $skipSpace (local.get $at) (local.get $end)))
    (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $LEFT))))
    (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x3a)) (then (return (global.get $LEFT))))
    (local.set $at (call $skipSpace (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
    (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $LEFT))))
    (local.get $at))

  ;; From behind a value to the next name or the end of the object.
  (func $skipComma (param $at i32) (param $end i32) (result i32)
    (local.set $at (call $skipSpace (local.get $at) (local.get $end)))
    (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $LEFT))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x7d)) (then (return (local.get $at))))
    (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x2c)) (then (return (global.get $LEFT))))
    (local.set $at (call $skipSpace (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
    (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $LEFT))))
    (local.get $at))

  ;; Whether the name at $at is that of the member.
  (func $isName (param $at i32) (param $end i32) (param $member i32) (result i32)
    (local $name i32) (local $length i32) (local $same i32) (local $all i32)
    (local.set $name (i32.load (local.get $member)))
    (local.set $length (i32.load offset=4 (local.get $member)))
    (if (i32.gt_s (i32.add (local.get $at) (local.get $length)) (local.get $end)) (then (return (i32.const 0))))
    (loop $next
      (local.set $same (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (v128.load (local.get $name)))))
      (if (i32.le_s (local.get $length) (i32.const 16))
        (then
          (local.set $all (i32.sub (i32.shl (i32.const 1) (local.get $length)) (i32.const 1)))
          (return (i32.eq (i32.and (local.get $same) (local.get $all)) (local.get $all)))))
      (if (i32.ne (local.get $same) (i32.const 0xffff)) (then (return (i32.const 0))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (local.set $name (i32.add (local.get $name) (i32.const 16)))
      (local.set $length (i32.sub (local.get $length) (i32.const 16)))
      (br $next))
    (unreachable))

  ;; The member whose name stands at $at: those from $member on are asked first, then those from $table on.
  (func $memberAt (param $at i32) (param $end i32) (param $member i32) (param $table i32) (param $tableEnd i32) (result i32)
    (local $first i32)
    (if (i32.ge_s (local.get $member) (local.get $tableEnd)) (then (local.set $member (local.get $table))))
    (local.set $first (local.get $member))
    (loop $next
      (if (call $isName (local.get $at) (local.get $end) (local.get $member)) (then (return (local.get $member))))
      (local.set $member (i32.add (local.get $member) (i32.const 12)))
      (if (i32.ge_s (local.get $member) (local.get $tableEnd)) (then (local.set $member (local.get $table))))
      (br_if $next (i32.ne (local.get $member) (local.get $first))))
    (global.get $LEFT))

  ;; The address behind the object at $at; LEFT where it has a member that is not in the table, or a slot twice, or is cut or no JSON.
  (func $scanObject (export "scanObject")
    (param $table i32) (param $tableEnd i32) (param $scan i32) (param $at i32) (param $end i32) (result i32)
    (local $member i32) (local $slot i32) (local $mark i32) (local $value i32) (local $out i32)
    (local.set $out (global.get $OUT))
    (local.set $member (local.get $table))
    (local.set $at (call $skipSpace (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
    (loop $next
      (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $LEFT))))
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x7d))
        (then
          (i32.store (i32.const 0) (i32.div_u (i32.sub (local.get $out) (global.get $OUT)) (i32.const 12)))
          (return (i32.add (local.get $at) (i32.const 1)))))
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x22)) (then (return (global.get $LEFT))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $member
        (call $memberAt
          (local.get $at) (local.get $end) (local.get $member) (local.get $table) (local.get $tableEnd)))
      (if (i32.eq (local.get $member) (global.get $LEFT)) (then (return (global.get $LEFT))))
      (local.set $at (i32.add (local.get $at) (i32.load offset=4 (local.get $member))))
      (local.set $value (i32.add (local.get $at) (i32.const 1)))
      ;; Most have nothing between name, colon and value.
      (if (i32.or
            (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x3a))
            (i32.or
              (i32.le_s (i32.load8_u (local.get $value)) (i32.const 0x20))
              (i32.ge_s (local.get $value) (local.get $end))))
        (then
          (local.set $value (call $skipColon (local.get $at) (local.get $end)))
          (if (i32.eq (local.get $value) (global.get $LEFT)) (then (return (global.get $LEFT))))))
      (local.set $at
        (call $skipValue (local.get $value) (local.get $end)))
      (if (i32.eq (local.get $at) (global.get $LEFT)) (then (return (global.get $LEFT))))
      (local.set $slot (i32.load offset=8 (local.get $member)))
      (if (i32.ge_s (local.get $slot) (i32.const 0))
        (then
          (local.set $mark
            (i32.add (i32.add (local.get $table) (global.get $MARKS)) (i32.mul (local.get $slot) (i32.const 4))))
          (if (i32.eq (i32.load (local.get $mark)) (local.get $scan)) (then (return (global.get $LEFT))))
          (i32.store (local.get $mark) (local.get $scan))
          (i32.store (local.get $out) (local.get $slot))
          (i32.store offset=4 (local.get $out) (local.get $value))
          (i32.store offset=8 (local.get $out) (local.get $at))
          (local.set $out (i32.add (local.get $out) (i32.const 12)))))
      (local.set $member (i32.add (local.get $member) (i32.const 12)))
      ;; Most have nothing between value, comma and name.
      (if (i32.and
            (i32.lt_s (i32.add (local.get $at) (i32.const 1)) (local.get $end))
            (i32.eq (i32.load16_u (local.get $at)) (i32.const 0x222c)))
        (then (local.set $at (i32.add (local.get $at) (i32.const 1))) (br $next)))
      (local.set $at (call $skipComma (local.get $at) (local.get $end)))
      (if (i32.eq (local.get $at) (global.get $LEFT)) (then (return (global.get $LEFT))))
      (br $next))
    (unreachable))
)
