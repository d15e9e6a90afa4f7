/**
 * Packs editors/vscode as a .vsix that Visual Studio Code installs: a zip with a list of content types and a manifest. Needs no network and no
 * package; the same files give the same bytes.
 * node scripts/vsix.mjs [FOLDER]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { iconPng } from './vsix/icon.mjs';
import { zipOf } from './vsix/zip.mjs';

const root = join(import.meta.dirname, '..');
const source = join(root, 'editors/vscode');
/** Programs of the extension, in its folder. */
const PARTS = ['extension', 'client', 'connection', 'convert', 'providers'];
const FILES = ['package.json', ...PARTS.map((part) => `${part}.js`), 'README.md', 'LICENSE'];
/** A file without an extension has no type there. */
const NAMED = { LICENSE: 'LICENSE.txt' };

const TYPES = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension=".json" ContentType="application/json"/><Default Extension=".vsixmanifest" ContentType="text/xml"/><Default Extension=".js" ContentType="application/javascript"/><Default Extension=".md" ContentType="text/markdown"/><Default Extension=".txt" ContentType="text/plain"/><Default Extension=".png" ContentType="image/png"/></Types>
`;

const escaped = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

/** By what a marketplace finds it: files of its languages among them. */
function tagsOf({ keywords, contributes: { languages } }) {
  const known = languages.flatMap(({ aliases, extensions }) => [
    ...aliases,
    ...extensions.map((one) => `__ext_${one.slice(1)}`),
  ]);
  return [...keywords, ...known].join(',');
}

function manifestOf(said) {
  const { name, displayName, description, publisher, version, engines, categories } = said;
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}"/>
    <DisplayName>${escaped(displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(description)}</Description>
    <Tags>${escaped(tagsOf(said))}</Tags>
    <Categories>${escaped(categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escaped(engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionDependencies" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionPack" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>
      <Property Id="Microsoft.VisualStudio.Code.LocalizedLanguages" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExecutesCode" Value="true"/>
      <Property Id="Microsoft.VisualStudio.Services.GitHubFlavoredMarkdown" Value="true"/>
      <Property Id="Microsoft.VisualStudio.Services.Content.Pricing" Value="Free"/>
    </Properties>
    <License>extension/LICENSE.txt</License>
    <Icon>extension/icon.png</Icon>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Icons.Default" Path="extension/icon.png" Addressable="true"/>
  </Assets>
</PackageManifest>
`;
}

/** The bytes of the package, and what its file is called. It has the version of the program. */
export function packVsix() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // It is private for npm alone.
  const { private: _, ...said } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  const manifest = { ...said, version, icon: 'icon.png' };
  const textOf = (name) =>
    name === 'package.json' ? `${JSON.stringify(manifest, null, 2)}\n` : readFileSync(join(source, name), 'utf8');
  const bytes = zipOf([
    { name: 'extension.vsixmanifest', text: manifestOf(manifest) },
    { name: '[Content_Types].xml', text: TYPES },
    ...FILES.map((name) => ({ name: `extension/${NAMED[name] ?? name}`, text: textOf(name) })),
    { name: 'extension/icon.png', text: iconPng() },
  ]);
  return { name: `huntwire-${version}.vsix`, bytes };
}

if (process.argv[1] === import.meta.filename) {
  const folder = process.argv[2] ?? source;
  const { name, bytes } = packVsix();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), bytes);
  console.log(join(folder, name));
}
