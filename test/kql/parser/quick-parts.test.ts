// One file, since a realm with a parser takes more than a second until it has read its first query. In this order: the first finds the parser as it
// comes, the others leave their own parts in it.
import './shared-parsers-cases.ts';
import './quick-runtime-cases.ts';
import './quick-operators-cases.ts';
