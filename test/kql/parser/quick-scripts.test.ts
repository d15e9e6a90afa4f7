import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parserScripts } from '../../../src/kql/parser/parser-scripts.ts';
import { quickScript } from '../../../src/kql/parser/quick-scripts.ts';

const ENUMERATION =
  'Bridge.define("Kusto.Language.Syntax.Kind",{$kind:"enum",statics:{fields:{None:0,Pipe:7,Least:-1,Wide:System.Int64(5)}}});';

describe('quickScript', () => {
  it('writes numbers for constants, and leaves what is no constant or is more than one', () => {
    const uses =
      'a=Kusto.Language.Syntax.Kind.Pipe;b&=Kusto.Language.Syntax.Kind.Least;c(Kusto.Language.Syntax.Kind.Wide,Kusto.Language.Syntax.Kind.Other);Kusto.Language.Syntax.Kind.None.toString();x.Kusto.Language.Syntax.Kind.Pipe;"Kusto.Language.Syntax.Kind.Pipe"';
    const quick = quickScript(ENUMERATION + uses);
    expect(quick).toBe(
      `globalThis.Kusto={Language:{Syntax:{}}};const $KustoSyntax=Kusto.Language.Syntax;${ENUMERATION}a=7;b&=(-1);c($KustoSyntax.Kind.Wide,$KustoSyntax.Kind.Other);$KustoSyntax.Kind.None.toString();x.Kusto.Language.Syntax.Kind.Pipe;"Kusto.Language.Syntax.Kind.Pipe"`,
    );
  });

  it('takes no class for a namespace', () => {
    const text =
      'Bridge.define("Kusto.Language.Code",{});Bridge.define("Kusto.Language.Code.Part",{});new Kusto.Language.Code.Part()';
    expect(quickScript(text)).toBe(text);
  });

  it('leaves a runtime of another form as it is', () => {
    const text = 'i.$initialize=Bridge.Class._initialize;(v||n&&!r&&t.$initMembers)&&f()';
    expect(quickScript(text)).toBe(text);
  });

  it('has only the constructors of a class that prepares something ask for it', () => {
    const ctor = 'ctor:function(){this.$initialize();this.a=1}';
    const idle = `Bridge.define("Kusto.One",{ctors:{${ctor}}});`;
    const busy = `Bridge.define("Kusto.Two",{ctors:{init:function(){this.b=2},${ctor}}});`;
    expect(quickScript(idle + busy + idle)).toBe(
      [idle.replace('this.$initialize()', '0'), busy, idle.replace('this.$initialize()', '0')].join(''),
    );
  });

  it('leaves the dictionaries of another runtime as they are', () => {
    const text = 'this.simpleBuckets={};this.simpleBuckets[t]=u;this.simpleBuckets.hasOwnProperty(t)';
    expect(quickScript(text)).toBe(text);
  });

  it('finds all of it in the scripts of the parser that we have', () => {
    const [runtime = '', parser = ''] = parserScripts().map((file) => quickScript(readFileSync(file, 'utf8')));
    expect(runtime).toContain('Bridge.Class._nothing');
    expect(runtime.split('simpleBuckets=new Map')).toHaveLength(4);
    expect(runtime).not.toContain('simpleBuckets[');
    expect(runtime).toContain('l.$one=new Map');
    expect(parser).toContain('IndexInParent=0;diagnostics!=null&&this.SetDiagnostics');
    expect(parser).toContain('{this.items[i]=item;break}');
    expect(parser.split('this.$initialize()').length).toBeLessThan(100);
    expect(parser).toMatch(/^globalThis\.Kusto=\{Language:\{.*?const \$Kusto\w+=/);
    expect(parser).not.toMatch(/case Kusto\.Language\.Syntax\.SyntaxKind\./);
  });
});
