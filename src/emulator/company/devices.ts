import { COMPANY, type Person } from './people.ts';
import { itemAt, type Random } from './random.ts';

export interface Device {
  /** 40 hex digits, as the sensors write it. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'laptop' | 'desktop' | 'server';
  readonly platform: string;
  readonly build: number;
  readonly group: string;
  readonly localIp: string;
  readonly publicIp: string;
  /** Who works at it; null for servers. */
  readonly owner: Person | null;
  /** What a server is there for; empty for clients. */
  readonly purpose: string;
}

const PURPOSES = ['file', 'print', 'erp', 'build', 'backup', 'dc'];

/** One client for everybody, two of three of them laptops, and the servers. */
export function buyDevices(people: readonly Person[], servers: number, random: Random): readonly Device[] {
  const clients = people.map((owner, index) => buyClient(owner, index, random));
  return [...clients, ...Array.from({ length: servers }, (_, index) => buyServer(index, random))];
}

function buyClient(owner: Person, index: number, random: Random): Device {
  const isLaptop = index % 3 !== 2;
  return {
    id: random.hex(40),
    name: `${isLaptop ? 'lt' : 'pc'}-${String(index + 1).padStart(4, '0')}.${COMPANY.domain}`,
    kind: isLaptop ? 'laptop' : 'desktop',
    platform: 'Windows11',
    build: 26_100,
    group: isLaptop ? 'Laptops' : 'Desktops',
    localIp: `10.20.${1 + Math.floor(index / 200)}.${10 + (index % 200)}`,
    publicIp: isLaptop && index % 4 === 0 ? owner.homeIp : COMPANY.officeIp,
    owner,
    purpose: '',
  };
}

function buyServer(index: number, random: Random): Device {
  const purpose = itemAt(PURPOSES, index);
  return {
    id: random.hex(40),
    name: `srv-${purpose}-${String(1 + Math.floor(index / PURPOSES.length)).padStart(2, '0')}.${COMPANY.domain}`,
    kind: 'server',
    platform: 'WindowsServer2022',
    build: 20_348,
    group: 'Servers',
    localIp: `10.20.0.${10 + index}`,
    publicIp: COMPANY.officeIp,
    owner: null,
    purpose,
  };
}
