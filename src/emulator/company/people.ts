import { itemAt, type Random } from './random.ts';

/** Where everybody of the company belongs. */
export const COMPANY = {
  name: 'Larkspur Instruments',
  domain: 'larkspur.example',
  netbios: 'LARKSPUR',
  /** The office's address as the internet sees it. */
  officeIp: '198.51.100.20',
  domainSid: 'S-1-5-21-2818310442-1170522340-3096712206',
} as const;

export interface Person {
  readonly displayName: string;
  /** The name before the at sign, as Windows shows it. */
  readonly account: string;
  readonly upn: string;
  readonly objectId: string;
  readonly sid: string;
  readonly department: string;
  readonly city: string;
  readonly homeIp: string;
}

const FIRST_NAMES = [
  'Ada',
  'Bruno',
  'Chiara',
  'Dmitri',
  'Elif',
  'Finn',
  'Greta',
  'Hamid',
  'Ines',
  'Jonas',
  'Katya',
  'Liam',
  'Mira',
  'Noah',
  'Olga',
  'Pablo',
  'Quinn',
  'Rosa',
  'Samir',
  'Tessa',
  'Ulrik',
  'Vera',
  'Wout',
  'Xenia',
  'Yusuf',
  'Zoe',
];
const LAST_NAMES = [
  'Albers',
  'Brandt',
  'Castellano',
  'Demir',
  'Eriksen',
  'Ferreira',
  'Gruber',
  'Haddad',
  'Ivanova',
  'Jansen',
  'Keller',
  'Lindqvist',
  'Moreau',
  'Novak',
  'Okafor',
  'Petrov',
  'Rossi',
  'Schuster',
  'Tanaka',
  'Urban',
  'Vogel',
  'Weiss',
  'Yilmaz',
  'Zeman',
];
const DEPARTMENTS = ['Sales', 'Finance', 'Engineering', 'Production', 'Human Resources', 'Service', 'IT'];
const CITIES = ['Hamburg', 'Lyon', 'Gdansk'];

/** The staff. Nobody shares a name or an account. */
export function hirePeople(count: number, random: Random): readonly Person[] {
  return Array.from({ length: count }, (_, index) => hire(index, random));
}

function hire(index: number, random: Random): Person {
  const first = itemAt(FIRST_NAMES, index);
  const last = itemAt(LAST_NAMES, index);
  const round = Math.floor(index / ((FIRST_NAMES.length * LAST_NAMES.length) / 2));
  const account = `${first}.${last}${round || ''}`.toLowerCase();
  return {
    displayName: `${first} ${last}${round ? ` ${round}` : ''}`,
    account,
    upn: `${account}@${COMPANY.domain}`,
    objectId: random.guid(),
    sid: `${COMPANY.domainSid}-${1104 + index}`,
    department: itemAt(DEPARTMENTS, index),
    city: random.pick(CITIES),
    homeIp: `203.0.113.${1 + (index % 120)}`,
  };
}
