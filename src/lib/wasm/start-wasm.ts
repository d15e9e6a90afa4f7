/** The part of WebAssembly that is used, which the types of Node.js do not know. */
interface Compiler {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

export interface WasmMemory {
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** What a module in base64 exports; null where the processor or Node.js have no WebAssembly with vectors: all else works without it, only slower. */
export function startWasm<Exports extends WasmMemory>(code: string, imports: object = {}): Exports | null {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly?: Compiler };
  if (!WebAssembly) return null;
  try {
    const module = new WebAssembly.Module(Buffer.from(code, 'base64'));
    return new WebAssembly.Instance(module, imports).exports as Exports;
  } catch {
    return null;
  }
}
