import type { Attack } from './attack.ts';
import { macroDocument } from './attacks/macro-document.ts';
import { passwordSpray } from './attacks/password-spray.ts';
import { phishingMail } from './attacks/phishing-mail.ts';
import { ransomware } from './attacks/ransomware.ts';
import { returnedLaptop } from './attacks/returned-laptop.ts';
import { runKey } from './attacks/run-key.ts';
import { stolenMailbox } from './attacks/stolen-mailbox.ts';

/** Every attack, in the order in which they happen. */
export const ATTACKS: readonly Attack[] = [
  passwordSpray,
  stolenMailbox,
  phishingMail,
  runKey,
  macroDocument,
  returnedLaptop,
  ransomware,
];
