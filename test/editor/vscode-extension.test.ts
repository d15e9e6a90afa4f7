import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';

const { packVsix } = (await import(join(import.meta.dirname, '../../scripts/vsix.mjs'))) as {
  readonly packVsix: () => { readonly name: string; readonly bytes: Buffer };
};
const { iconPng } = (await import(join(import.meta.dirname, '../../scripts/vsix/icon.mjs'))) as {
  readonly iconPng: () => Buffer;
};
const load = createRequire(join(import.meta.dirname, '../../editors/vscode/client.js'));

interface Connection {
  notify(method: string, params: unknown): void;
  request(method: string, params: unknown): Promise<unknown>;
}
const { connect } = load('./connection.js') as {
  connect: (child: object, tell: (method: string, params: unknown) => unknown) => Connection;
};

/** The files of a zip by its list at the end. */
function unzipped(bytes: Buffer): ReadonlyMap<string, string> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const files = new Map<string, string>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, length, start] = [
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt32LE(at + 42),
    ];
    const name = bytes.toString('utf8', at + 46, at + 46 + length);
    const body = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    files.set(name, inflateRawSync(bytes.subarray(body, body + packed)).toString());
    at += 46 + length;
  }
  return files;
}

/** Some of those that the marketplace of Visual Studio Code knows. */
const CATEGORIES = ['Programming Languages', 'Snippets', 'Linters', 'Formatters', 'Testing', 'Other'];

describe('the extension for Visual Studio Code', () => {
  it('is packed with all that it needs, the same bytes each time', () => {
    const { name, bytes } = packVsix();
    expect(name).toMatch(/^huntwire-\d+\.\d+\.\d+\.vsix$/);
    expect(packVsix().bytes.equals(bytes)).toBe(true);
    const files = unzipped(bytes);
    const manifest = JSON.parse(files.get('extension/package.json') ?? '');
    expect(files.get('extension.vsixmanifest')).toContain(`Version="${manifest.version}" Publisher="huntwire"`);
    expect(files.get('[Content_Types].xml')).toContain('Extension=".js"');
    const wanted = [...files].flatMap(([from, text]) =>
      from.endsWith('.js')
        ? [...text.matchAll(/require\('(\.\/[^']+)'\)/g)].map(([, path = '']) => `extension/${path.slice(2)}`)
        : [],
    );
    expect(wanted.length).toBeGreaterThan(3);
    for (const path of [...wanted, `extension/${manifest.main.slice(2)}`]) expect(files.has(path)).toBe(true);
  });

  it('has what a marketplace asks for', () => {
    const files = unzipped(packVsix().bytes);
    const [manifest, types] = [files.get('extension.vsixmanifest') ?? '', files.get('[Content_Types].xml') ?? ''];
    const said = JSON.parse(files.get('extension/package.json') ?? '');
    expect(said).toMatchObject({
      ...{ name: expect.stringMatching(/^[a-z-]+$/), publisher: expect.any(String), displayName: 'Huntwire' },
      ...{
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        engines: { vscode: expect.stringMatching(/^\^1\.\d+\.0$/) },
      },
      ...{ license: 'Apache-2.0', description: expect.stringMatching(/^.{20,200}$/) },
    });
    expect(said.icon).toBe('icon.png');
    expect(manifest).toContain('<Icon>extension/icon.png</Icon>');
    const icon = iconPng();
    expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([128, 128]);
    expect(said).not.toHaveProperty('private');
    expect(said.categories.filter((one: string) => !CATEGORIES.includes(one))).toEqual([]);
    expect(said.keywords.length).toBeLessThanOrEqual(30);
    for (const [name] of files)
      if (name !== '[Content_Types].xml') expect(types).toContain(`Extension="${/\.\w+$/.exec(name)?.[0]}"`);
    const assets = [...manifest.matchAll(/Path="([^"]+)"/g)].map(([, path = '']) => path);
    expect(assets.map((path) => [path, files.has(path)])).toEqual([
      ['extension/package.json', true],
      ['extension/README.md', true],
      ['extension/LICENSE.txt', true],
      ['extension/icon.png', true],
    ]);
    expect(manifest).toContain('<GalleryFlags>Public</GalleryFlags>');
    expect(/<Tags>(.*)<\/Tags>/.exec(manifest)?.[1]?.split(',')).toEqual(expect.arrayContaining(['kql', '__ext_kql']));
  });

  it('speaks the protocol in whatever pieces the bytes come', async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const told: unknown[] = [];
    const connection = connect(Object.assign(new EventEmitter(), { stdin, stdout }), (method, params) => {
      told.push([method, params]);
      return method === 'ask' ? 'ö' : undefined;
    });
    const answer = connection.request('initialize', { a: 'ü' });
    const sent = (stdin.read() as Buffer | null)?.toString() ?? '';
    expect(sent).toMatch(
      /^Content-Length: 66\r\n\r\n\{"jsonrpc":"2.0","id":1,"method":"initialize","params":\{"a":"ü"\}\}$/,
    );
    const message = (body: object): Buffer => {
      const text = Buffer.from(JSON.stringify(body));
      return Buffer.concat([Buffer.from(`Content-Length: ${text.length}\r\n\r\n`), text]);
    };
    const all = Buffer.concat([
      message({ method: 'tell', params: 'é' }),
      message({ id: 9, method: 'ask' }),
      message({ id: 1, result: 5 }),
    ]);
    for (const byte of all) stdout.write(Buffer.from([byte]));
    expect(await answer).toBe(5);
    expect(told).toEqual([
      ['tell', 'é'],
      ['ask', undefined],
    ]);
    expect((stdin.read() as Buffer).toString()).toContain('"id":9,"result":"ö"');
  });
});
