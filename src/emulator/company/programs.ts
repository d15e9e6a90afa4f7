import type { Program } from './columns.ts';
import type { Device } from './devices.ts';

const SYSTEM32 = 'C:\\Windows\\System32';
const OFFICE = 'C:\\Program Files\\Microsoft Office\\root\\Office16';

export const EXPLORER: Program = {
  file: 'explorer.exe',
  folder: 'C:\\Windows',
  commandLine: 'C:\\Windows\\Explorer.EXE',
};
export const SERVICES = system('services.exe', 'services.exe');
export const CMD = system('cmd.exe', 'cmd.exe /c');
export const EDGE: Program = {
  file: 'msedge.exe',
  folder: 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application',
  commandLine: '"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe" --profile-directory=Default',
};
export const ONEDRIVE: Program = {
  file: 'OneDrive.exe',
  folder: 'C:\\Program Files\\Microsoft OneDrive',
  commandLine: '"C:\\Program Files\\Microsoft OneDrive\\OneDrive.exe" /background',
};
export const SETUP: Program = {
  file: 'msiexec.exe',
  folder: SYSTEM32,
  commandLine: 'C:\\Windows\\System32\\msiexec.exe /V',
};

export function system(file: string, commandLine: string): Program {
  return { file, folder: SYSTEM32, commandLine };
}

export function powershell(commandLine: string): Program {
  return { file: 'powershell.exe', folder: `${SYSTEM32}\\WindowsPowerShell\\v1.0`, commandLine };
}

export function office(file: string, document: string): Program {
  return { file, folder: OFFICE, commandLine: `"${OFFICE}\\${file}" /n "${document}"` };
}

/** The profile folder of whoever works at a device. */
export function profileOf(device: Device): string {
  return `C:\\Users\\${device.owner?.account ?? 'Public'}`;
}
