import {
  type Connection,
  createConnection,
  type InitializeParams,
  type MessageReader,
  type MessageWriter,
  ProposedFeatures,
} from 'vscode-languageserver';
import { createProtocolConnection } from 'vscode-languageserver/node';

/** Who is told when the editor wants an end. */
export interface EditorEnd {
  /** The process of the editor, where it tells one. */
  begun(processId: number | null): void;
  /** `clean`: it said `shutdown` before. */
  ended(clean: boolean): void;
}

/** A connection that leaves it to others when a process ends: the library's own would end this one. */
export function connectEditor(reader: MessageReader, writer: MessageWriter, end: EditorEnd): Connection {
  const watch = {
    shutdownReceived: false,
    initialize: ({ processId }: InitializeParams) => end.begun(processId),
    exit: (code: number) => end.ended(code === 0),
  };
  return createConnection(
    (logger) => createProtocolConnection(reader, writer, logger),
    watch as never,
    ProposedFeatures.all,
  ) as unknown as Connection;
}
