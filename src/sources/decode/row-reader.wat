;; Reads rows that are written like the one before: row-reader.ts tells what it is given and what it answers. All places are addresses.
;; row-reader-code.ts holds this as bytes: `node scripts/assemble.mjs` makes them.
(module
  ;; What is none of the simple values: from its first byte on, as the change of that number; the address behind it, CUT or UNLIKE.
  (import "row" "readOther" (func $readOther (param $begin i32) (param $change i32) (result i32)))
  (memory (export "memory") 5)

  ;; 0: for the letter behind a backslash, by its byte, what the two stand for, or 0.
  (data (i32.const 0x22) "\22")
  (data (i32.const 0x2f) "/")
  (data (i32.const 0x5c) "\5c")
  (data (i32.const 0x62) "\08")
  (data (i32.const 0x66) "\0c")
  (data (i32.const 0x6e) "\0a")
  (data (i32.const 0x72) "\0d")
  (data (i32.const 0x74) "\09")

  ;; Where the next text goes: behind those so far, up to TEXT_END. 16 bytes more may be written there.
  (global $text (mut i32) (i32.const 0))
  (global $TEXT i32 (i32.const 256))
  (global $TEXT_END i32 (i32.const 4352))
  ;; By how much these bytes are more than the units of 16 bits of the same text.
  (global $surplus (mut i32) (i32.const 0))
  ;; How many rows were read, where their text ends, why no more (CUT, UNLIKE or 0), where the last of them begins.
  (global $TOLD i32 (i32.const 4368))
  ;; 4 bytes of each row: where its changes end.
  (global $ROWS i32 (i32.const 4384))
  ;; Where what is told of the next value goes that differs. 16 bytes of each: the number of its spot; where its text ends, or -1: it is
  ;; another value, -2: an integer, -3: a double; of a text, where it ends in units of 16 bits, and not 0 where it is not all ASCII; else
  ;; the number.
  (global $change (mut i32) (i32.const 0))
  (global $CHANGES i32 (i32.const 4640))
  (global $CHANGES_END i32 (i32.const 21024))
  (global $CUT i32 (i32.const -1))
  (global $UNLIKE i32 (i32.const -2))

  ;; The first address from $from on whose byte is not the one $shift further on; $end where none before it is. 16 at a time: what lies
  ;; behind $end is looked at in vain.
  (func $firstDifference (param $from i32) (param $end i32) (param $shift i32) (result i32)
    (local $differing i32)
    (loop $next
      (if (i32.ge_s (local.get $from) (local.get $end)) (then (return (local.get $end))))
      (local.set $differing
        (i8x16.bitmask
          (i8x16.ne
            (v128.load (local.get $from))
            (v128.load (i32.add (local.get $from) (local.get $shift))))))
      (if (local.get $differing)
        (then
          (local.set $from (i32.add (local.get $from) (i32.ctz (local.get $differing))))
          (return
            (select (local.get $from) (local.get $end) (i32.lt_s (local.get $from) (local.get $end))))))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (br $next))
    (unreachable))

  ;; By how much the marked ones of these bytes are more than the units of 16 bits that they stand for: those that only go on with a
  ;; character are none, and one that begins four bytes is two.
  (func $surplusOf (param $bytes v128) (param $marked i32) (result i32)
    (i32.sub
      (i32.popcnt
        (i32.and
          (i8x16.bitmask (i8x16.lt_s (local.get $bytes) (i8x16.splat (i32.const 0xc0))))
          (local.get $marked)))
      (i32.popcnt
        (i32.and
          (i8x16.bitmask (i8x16.ge_u (local.get $bytes) (i8x16.splat (i32.const 0xf0))))
          (local.get $marked)))))

  ;; Adds the bytes of what a JSON string stands for, from behind its opening quote on, where its escapes are those of one letter, and tells
  ;; $change where they end and whether some are no ASCII. The address behind its closing quote; CUT, with nothing added, where there are
  ;; other escapes, too much text, or no end before $end.
  (func $gatherText (param $at i32) (param $end i32) (param $change i32) (result i32)
    (local $text i32) (local $bytes v128) (local $marks i32) (local $letter i32) (local $full i32)
    (local $high i32) (local $foreign i32) (local $surplus i32)
    (local.set $text (global.get $text))
    (local.set $surplus (global.get $surplus))
    (local.set $full (i32.add (local.get $at) (i32.sub (global.get $TEXT_END) (local.get $text))))
    (local.set $end
      (select (local.get $full) (local.get $end) (i32.lt_s (local.get $full) (local.get $end))))
    (loop $next
      (local.set $bytes (v128.load (local.get $at)))
      (v128.store (local.get $text) (local.get $bytes))
      ;; What does not stand for itself: quotes, backslashes and control characters.
      (local.set $marks
        (i8x16.bitmask
          (v128.or
            (i8x16.lt_u (local.get $bytes) (i8x16.splat (i32.const 0x20)))
            (v128.or
              (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
              (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c)))))))
      (local.set $letter (i32.ctz (i32.or (local.get $marks) (i32.const 0x10000))))
      ;; Bytes with their top bit set, of those before the first of these.
      (local.set $high
        (i32.and
          (i8x16.bitmask (local.get $bytes))
          (i32.sub (i32.shl (i32.const 1) (local.get $letter)) (i32.const 1))))
      (if (local.get $high)
        (then
          (local.set $foreign (i32.const 1))
          (local.set $surplus
            (i32.add (local.get $surplus) (call $surplusOf (local.get $bytes) (local.get $high))))))
      (local.set $at (i32.add (local.get $at) (local.get $letter)))
      (local.set $text (i32.add (local.get $text) (local.get $letter)))
      (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $CUT))))
      (br_if $next (i32.eqz (local.get $marks)))
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x22))
        (then
          (global.set $text (local.get $text))
          (global.set $surplus (local.get $surplus))
          (i32.store offset=4 (local.get $change) (local.get $text))
          (i32.store offset=8 (local.get $change) (i32.sub (local.get $text) (local.get $surplus)))
          (i32.store offset=12 (local.get $change) (local.get $foreign))
          (return (i32.add (local.get $at) (i32.const 1)))))
      ;; A backslash, or a control character.
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x5c)) (then (return (global.get $CUT))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (global.get $CUT))))
      (local.set $letter (i32.load8_u (i32.load8_u (local.get $at))))
      (if (i32.eqz (local.get $letter)) (then (return (global.get $CUT))))
      (i32.store8 (local.get $text) (local.get $letter))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $text (i32.add (local.get $text) (i32.const 1)))
      (br $next))
    (unreachable))

  ;; The address behind a number, which $change gets, where a comma or a closing brace or bracket stands behind it, and it is written without an
  ;; exponent and with no more digits than a double holds whatever they are; CUT where it is not, or does not end before $end.
  (func $readNumber (param $at i32) (param $end i32) (param $change i32) (result i32)
    (local $first i32) (local $point i32) (local $digit i32) (local $isNegative i32)
    (local $value f64) (local $scale f64)
    (local.set $scale (f64.const 1))
    (local.set $isNegative (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2d)))
    (local.set $at (i32.add (local.get $at) (local.get $isNegative)))
    (local.set $first (local.get $at))
    (loop $next
      (if (i32.or
            (i32.ge_s (local.get $at) (local.get $end))
            (i32.gt_s (i32.sub (local.get $at) (local.get $first)) (i32.const 15)))
        (then (return (global.get $CUT))))
      (local.set $digit (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)))
      (if (i32.le_u (local.get $digit) (i32.const 9))
        (then
          (local.set $value
            (f64.add
              (f64.mul (local.get $value) (f64.const 10))
              (f64.convert_i32_u (local.get $digit))))
          (if (local.get $point) (then (local.set $scale (f64.mul (local.get $scale) (f64.const 10)))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next)))
      ;; One point, and not in front.
      (if (i32.and
            (i32.and (i32.eq (local.get $digit) (i32.const -2)) (i32.eqz (local.get $point)))
            (i32.ne (local.get $at) (local.get $first)))
        (then
          (local.set $point (local.get $at))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next))))
    ;; A comma is -4 more than the digit 0, a closing brace 77, a closing bracket 32 less.
    (if (i32.and
          (i32.ne (local.get $digit) (i32.const -4))
          (i32.ne (i32.or (local.get $digit) (i32.const 32)) (i32.const 109)))
      (then (return (global.get $CUT))))
    ;; No digit at all, or none behind the point.
    (if (i32.or
          (i32.eq (local.get $at) (local.get $first))
          (i32.eq (i32.sub (local.get $at) (i32.const 1)) (local.get $point)))
      (then (return (global.get $CUT))))
    ;; A zero in front of other digits.
    (if (i32.and
          (i32.eq (i32.load8_u (local.get $first)) (i32.const 0x30))
          (i32.gt_s
            (i32.sub (select (local.get $point) (local.get $at) (local.get $point)) (local.get $first))
            (i32.const 1)))
      (then (return (global.get $CUT))))
    (if (local.get $isNegative) (then (local.set $value (f64.neg (local.get $value)))))
    ;; Up to nine digits fit in 32 bits; a zero that may have a sign does not.
    (if (i32.and
          (i32.eqz (i32.or (local.get $point) (local.get $isNegative)))
          (i32.le_s (i32.sub (local.get $at) (local.get $first)) (i32.const 9)))
      (then
        (i32.store offset=4 (local.get $change) (i32.const -2))
        (i32.store offset=8 (local.get $change) (i32.trunc_f64_s (local.get $value))))
      (else
        (i32.store offset=4 (local.get $change) (i32.const -3))
        ;; Both are exact, so that the quotient is the double next to the number.
        (f64.store offset=8 (local.get $change) (f64.div (local.get $value) (local.get $scale)))))
    (local.get $at))

  ;; The address behind the value at $begin, which $change gets, or CUT or UNLIKE.
  (func $readValue (param $begin i32) (param $end i32) (param $change i32) (result i32)
    (local $behind i32)
    (if (i32.eq (i32.load8_u (local.get $begin)) (i32.const 0x22))
      (then
        (local.set $behind
          (call $gatherText (i32.add (local.get $begin) (i32.const 1)) (local.get $end) (local.get $change))))
      (else (local.set $behind (call $readNumber (local.get $begin) (local.get $end) (local.get $change)))))
    (if (i32.ge_s (local.get $behind) (i32.const 0)) (then (return (local.get $behind))))
    (i32.store offset=4 (local.get $change) (i32.const -1))
    (call $readOther
      (local.get $begin)
      (i32.div_u (i32.sub (local.get $change) (global.get $CHANGES)) (i32.const 16))))

  ;; The end of the row at $start, or CUT or UNLIKE. The row before lies from $row to $rowEnd; its values where the spots say, of 12 bytes
  ;; each: where it begins, the place behind it, both counted from the row's beginning, and whether it is open. The row at $start is
  ;; compared with it, what differs is added to the changes, and its spots are written to $next.
  (func $readRow
    (param $row i32) (param $rowEnd i32) (param $spots i32) (param $spotsEnd i32) (param $next i32)
    (param $start i32) (param $end i32) (result i32)
    (local $from i32) (local $shift i32) (local $moved i32) (local $differs i32) (local $reach i32)
    (local $spot i32) (local $change i32) (local $behind i32) (local $begin i32)
    (local.set $change (global.get $change))
    (local.set $spot (local.get $spots))
    (local.set $from (local.get $row))
    (local.set $shift (i32.sub (local.get $start) (local.get $row)))
    (loop $compare
      (local.set $reach (i32.sub (local.get $end) (local.get $shift)))
      (local.set $reach
        (select (local.get $reach) (local.get $rowEnd) (i32.lt_s (local.get $reach) (local.get $rowEnd))))
      (local.set $differs (call $firstDifference (local.get $from) (local.get $reach) (local.get $shift)))
      ;; Values that are equal as a whole have only moved.
      (local.set $moved (i32.add (local.get $shift) (i32.sub (local.get $row) (local.get $start))))
      (block $equal
        (loop $keep
          (br_if $equal (i32.ge_u (local.get $spot) (local.get $spotsEnd)))
          (local.set $behind (i32.load offset=4 (local.get $spot)))
          (br_if $equal
            (i32.gt_s
              (i32.add (i32.add (local.get $row) (local.get $behind)) (i32.load offset=8 (local.get $spot)))
              (local.get $differs)))
          (i32.store (local.get $next) (i32.add (i32.load (local.get $spot)) (local.get $moved)))
          (i32.store offset=4 (local.get $next) (i32.add (local.get $behind) (local.get $moved)))
          (i32.store offset=8 (local.get $next) (i32.load offset=8 (local.get $spot)))
          (local.set $spot (i32.add (local.get $spot) (i32.const 12)))
          (local.set $next (i32.add (local.get $next) (i32.const 12)))
          (br $keep)))
      (if (i32.eq (local.get $differs) (local.get $rowEnd))
        (then
          (global.set $change (local.get $change))
          (return (i32.add (local.get $rowEnd) (local.get $shift)))))
      (if (i32.eq (local.get $differs) (local.get $reach)) (then (return (global.get $CUT))))
      (if (i32.ge_u (local.get $spot) (local.get $spotsEnd)) (then (return (global.get $UNLIKE))))
      (local.set $begin (i32.add (local.get $row) (i32.load (local.get $spot))))
      (if (i32.lt_s (local.get $differs) (local.get $begin)) (then (return (global.get $UNLIKE))))
      (local.set $begin (i32.add (local.get $begin) (local.get $shift)))
      (local.set $behind (call $readValue (local.get $begin) (local.get $end) (local.get $change)))
      (if (i32.lt_s (local.get $behind) (i32.const 0)) (then (return (local.get $behind))))
      (i32.store (local.get $change)
        (i32.div_u (i32.sub (local.get $spot) (local.get $spots)) (i32.const 12)))
      (local.set $change (i32.add (local.get $change) (i32.const 16)))
      (i32.store (local.get $next) (i32.sub (local.get $begin) (local.get $start)))
      (i32.store offset=4 (local.get $next) (i32.sub (local.get $behind) (local.get $start)))
      ;; Texts, lists and objects say where they end: what does not begin with a quote or a bracket is open.
      (local.set $begin (i32.load8_u (local.get $begin)))
      (i32.store offset=8 (local.get $next)
        (i32.and
          (i32.ne (local.get $begin) (i32.const 0x22))
          (i32.ne (i32.or (local.get $begin) (i32.const 0x20)) (i32.const 0x7b))))
      ;; On behind the value, in both rows.
      (local.set $from (i32.add (local.get $row) (i32.load offset=4 (local.get $spot))))
      (local.set $shift (i32.sub (local.get $behind) (local.get $from)))
      (local.set $spot (i32.add (local.get $spot) (i32.const 12)))
      (local.set $next (i32.add (local.get $next) (i32.const 12)))
      (br $compare))
    (unreachable))

  ;; Reads rows from $start on, $most at most and none longer than $longest, each compared with the one before: where the last ends; CUT or
  ;; UNLIKE where there is none. It ends before there may be no room for what another has. What it is given is as $readRow has it.
  (func (export "readRows")
    (param $row i32) (param $rowEnd i32) (param $spots i32) (param $spotsEnd i32) (param $next i32)
    (param $start i32) (param $end i32) (param $most i32) (param $longest i32) (result i32)
    (local $size i32) (local $told i32) (local $behind i32) (local $text i32) (local $why i32)
    (global.set $text (global.get $TEXT))
    (global.set $surplus (i32.const 0))
    (global.set $change (global.get $CHANGES))
    (local.set $size (i32.sub (local.get $spotsEnd) (local.get $spots)))
    (local.set $told (global.get $ROWS))
    (local.set $most (i32.add (local.get $told) (i32.mul (local.get $most) (i32.const 4))))
    (block $done
      (loop $another
        (local.set $text (global.get $text))
        (local.set $why
          (call $readRow
            (local.get $row) (local.get $rowEnd) (local.get $spots)
            (i32.add (local.get $spots) (local.get $size))
            (local.get $next) (local.get $start) (local.get $end)))
        (br_if $done (i32.lt_s (local.get $why) (i32.const 0)))
        (if (i32.gt_s (i32.sub (local.get $why) (local.get $start)) (local.get $longest))
          (then
            (local.set $why (global.get $UNLIKE))
            (br $done)))
        (local.set $behind (local.get $why))
        (local.set $why (i32.const 0))
        (i32.store (local.get $told) (global.get $change))
        (local.set $told (i32.add (local.get $told) (i32.const 4)))
        ;; It is the row that the next is compared with.
        (local.set $row (local.get $start))
        (local.set $rowEnd (local.get $behind))
        (local.set $start (local.get $spots))
        (local.set $spots (local.get $next))
        (local.set $next (local.get $start))
        (local.set $start (i32.add (local.get $behind) (i32.const 1)))
        (i32.store offset=4 (global.get $TOLD) (global.get $text))
        (i32.store offset=12 (global.get $TOLD) (local.get $row))
        (br_if $done (i32.eq (local.get $told) (local.get $most)))
        ;; Room for twice the text that this row had, and for every member.
        (br_if $done
          (i32.lt_s
            (i32.sub (global.get $TEXT_END) (global.get $text))
            (i32.mul (i32.sub (global.get $text) (local.get $text)) (i32.const 2))))
        (br_if $done
          (i32.lt_s
            (i32.mul (i32.sub (global.get $CHANGES_END) (global.get $change)) (i32.const 3))
            (i32.mul (local.get $size) (i32.const 4))))
        ;; A comma and an opening brace behind it, or an opening bracket, which differs in one bit.
        (br_if $done (i32.ge_s (local.get $start) (local.get $end)))
        (br_if $another
          (i32.eq (i32.or (i32.load16_u (local.get $behind)) (i32.const 0x2000)) (i32.const 0x7b2c)))))
    (i32.store (global.get $TOLD)
      (i32.div_u (i32.sub (local.get $told) (global.get $ROWS)) (i32.const 4)))
    (i32.store offset=8 (global.get $TOLD) (local.get $why))
    (select (local.get $behind) (local.get $why) (i32.ne (local.get $told) (global.get $ROWS)))))
