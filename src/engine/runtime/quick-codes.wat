;; Two loops over the codes of a column, which JavaScript compiles well only once they have run for long: quick-codes.ts tells what they are
;; given and what they answer. All places are addresses. quick-codes-code.ts holds this as bytes: `node scripts/assemble.mjs` makes them.
(module
  ;; Where its parts lie says who calls.
  (memory (export "memory") 98)
  (global $CUT i32 (i32.const -1))

  ;; Whole numbers of $width bits (24 at most), packed from their lowest bit on, as words at $into. The greatest of them, or $most.
  (func $unpackBits (param $at i32) (param $width i32) (param $into i32) (param $count i32) (param $most i32) (result i32)
    (local $bit i32) (local $end i32) (local $mask i32) (local $number i32)
    (local.set $mask (i32.sub (i32.shl (i32.const 1) (local.get $width)) (i32.const 1)))
    (local.set $end (i32.add (local.get $into) (i32.mul (local.get $count) (i32.const 4))))
    (loop $next
      (if (i32.ge_u (local.get $into) (local.get $end)) (then (return (local.get $most))))
      (local.set $number
        (i32.and
          (i32.shr_u
            (i32.load (i32.add (local.get $at) (i32.shr_u (local.get $bit) (i32.const 3))))
            (i32.and (local.get $bit) (i32.const 7)))
          (local.get $mask)))
      (i32.store (local.get $into) (local.get $number))
      (local.set $most
        (select (local.get $number) (local.get $most) (i32.gt_s (local.get $number) (local.get $most))))
      (local.set $bit (i32.add (local.get $bit) (local.get $width)))
      (local.set $into (i32.add (local.get $into) (i32.const 4)))
      (br $next))
    (unreachable))

  ;; Writes one number $count times.
  (func $repeat (param $number i32) (param $into i32) (param $count i32) (result i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $into) (i32.mul (local.get $count) (i32.const 4))))
    (loop $next
      (if (i32.ge_u (local.get $into) (local.get $end)) (then (return (local.get $number))))
      (i32.store (local.get $into) (local.get $number))
      (local.set $into (i32.add (local.get $into) (i32.const 4)))
      (br $next))
    (unreachable))

  (func $less (param $one i32) (param $other i32) (result i32)
    (select (local.get $one) (local.get $other) (i32.lt_s (local.get $one) (local.get $other))))

  ;; Reads Parquet's hybrid of runs and packed bits into $count words at $into; the greatest number, or CUT where the bytes end first.
  (func $unpackHybrid (export "unpackHybrid")
    (param $at i32) (param $end i32) (param $width i32) (param $into i32) (param $count i32) (result i32)
    (local $head i32) (local $shift i32) (local $byte i32) (local $many i32) (local $most i32) (local $size i32)
    (loop $next
      (if (i32.eqz (local.get $count)) (then (return (local.get $most))))
      (local.set $head (i32.const 0))
      (local.set $shift (i32.const 0))
      (loop $digit
        (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $CUT))))
        (local.set $byte (i32.load8_u (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $head
          (i32.or
            (local.get $head)
            (i32.shl (i32.and (local.get $byte) (i32.const 127)) (local.get $shift))))
        (local.set $shift (i32.add (local.get $shift) (i32.const 7)))
        (br_if $digit
          (i32.and (i32.ge_s (local.get $byte) (i32.const 128)) (i32.lt_s (local.get $shift) (i32.const 35)))))
      (local.set $many (i32.shr_u (local.get $head) (i32.const 1)))
      (if (i32.and (local.get $head) (i32.const 1))
        (then
          ;; Eights of numbers; more than are asked for need not be there.
          (if (i32.ge_s (local.get $many) (i32.shr_u (i32.add (local.get $count) (i32.const 7)) (i32.const 3)))
            (then (local.set $many (local.get $count)))
            (else (local.set $many (i32.mul (local.get $many) (i32.const 8)))))
          (local.set $size
            (i32.shr_u (i32.add (i32.mul (local.get $many) (local.get $width)) (i32.const 7)) (i32.const 3)))
          (if (i32.gt_s (local.get $size) (i32.sub (local.get $end) (local.get $at))) (then (return (global.get $CUT))))
          (local.set $most
            (call $unpackBits
              (local.get $at) (local.get $width) (local.get $into) (local.get $many) (local.get $most))))
        (else
          (local.set $many (call $less (local.get $many) (local.get $count)))
          (local.set $size (i32.shr_u (i32.add (local.get $width) (i32.const 7)) (i32.const 3)))
          (if (i32.gt_s (local.get $size) (i32.sub (local.get $end) (local.get $at))) (then (return (global.get $CUT))))
          ;; A number of more bits than $width says is taken as it is.
          (local.set $byte
            (i32.and
              (i32.load (local.get $at))
              (i32.sub (i32.shl (i32.const 1) (i32.mul (local.get $size) (i32.const 8))) (i32.const 1))))
          (if (local.get $many)
            (then
              (local.set $byte (call $repeat (local.get $byte) (local.get $into) (local.get $many)))
              (local.set $most
                (select (local.get $byte) (local.get $most) (i32.gt_s (local.get $byte) (local.get $most))))))))
      (local.set $at (i32.add (local.get $at) (local.get $size)))
      (local.set $into (i32.add (local.get $into) (i32.mul (local.get $many) (i32.const 4))))
      (local.set $count (i32.sub (local.get $count) (local.get $many)))
      (br $next))
    (unreachable))

  ;; Writes the numbers, from $row on, of those codes whose byte at $keeps is 1; how many there are. Without a branch for each: which are kept
  ;; follows no pattern that a processor could guess.
  (func $keptRows (export "keptRows")
    (param $codes i32) (param $end i32) (param $keeps i32) (param $into i32) (param $row i32) (result i32)
    (local $first i32)
    (local.set $first (local.get $into))
    (loop $next
      (if (i32.ge_u (local.get $codes) (local.get $end))
        (then (return (i32.shr_u (i32.sub (local.get $into) (local.get $first)) (i32.const 2)))))
      (i32.store (local.get $into) (local.get $row))
      (local.set $into
        (i32.add
          (local.get $into)
          (i32.shl (i32.load8_u (i32.add (local.get $keeps) (i32.load (local.get $codes)))) (i32.const 2))))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (local.set $codes (i32.add (local.get $codes) (i32.const 4)))
      (br $next))
    (unreachable))
)
