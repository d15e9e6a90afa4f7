/** Joins what VS Code asks of a language to what the server answers. */
exports.registerProviders = ({ vscode, server, made, hints, selector, capabilities }) => {
  const { languages } = vscode;
  const at = (document) => ({ textDocument: { uri: document.uri.toString() } });
  const place = (document, { line, character }) => ({ ...at(document), position: { line, character } });
  const listOf = async (method, params, token, convert) =>
    ((await server.request(method, params, token)) ?? []).map(convert);
  const { legend } = capabilities.semanticTokensProvider;
  const tokenLegend = new vscode.SemanticTokensLegend(legend.tokenTypes, legend.tokenModifiers);
  return [
    languages.registerCompletionItemProvider(
      selector,
      {
        provideCompletionItems: (document, position, token) =>
          listOf('textDocument/completion', place(document, position), token, made.completion),
      },
      ...capabilities.completionProvider.triggerCharacters,
    ),
    languages.registerHoverProvider(selector, {
      provideHover: async (document, position, token) => {
        const hover = await server.request('textDocument/hover', place(document, position), token);
        return hover ? made.hover(hover) : null;
      },
    }),
    languages.registerDocumentFormattingEditProvider(selector, {
      provideDocumentFormattingEdits: (document, options, token) =>
        listOf('textDocument/formatting', { ...at(document), options }, token, made.edit),
    }),
    languages.registerRenameProvider(selector, renameProvider({ server, made, place })),
    ...registerSeen({ vscode, made, hints, selector, at, listOf }),
    languages.registerCodeActionsProvider(selector, {
      provideCodeActions: (document, range, _context, token) =>
        listOf(
          'textDocument/codeAction',
          { ...at(document), range: plain(range), context: { diagnostics: [] } },
          token,
          made.action,
        ),
    }),
    languages.registerDocumentSemanticTokensProvider(
      selector,
      {
        provideDocumentSemanticTokens: async (document, token) =>
          made.tokens((await server.request('textDocument/semanticTokens/full', at(document), token)) ?? { data: [] }),
      },
      tokenLegend,
    ),
  ];
};

/** What stands beside a text without being asked for. */
function registerSeen({ vscode: { languages }, made, hints, selector, at, listOf }) {
  return [
    languages.registerCodeLensProvider(selector, {
      provideCodeLenses: (document, token) => listOf('textDocument/codeLens', at(document), token, made.lens),
    }),
    languages.registerInlayHintsProvider(selector, {
      onDidChangeInlayHints: hints.event,
      provideInlayHints: (document, range, token) =>
        listOf('textDocument/inlayHint', { ...at(document), range: plain(range) }, token, made.hint),
    }),
    languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: (document, _context, token) =>
        listOf('textDocument/foldingRange', at(document), token, made.fold),
    }),
  ];
}

function renameProvider({ server, made, place }) {
  return {
    prepareRename: async (document, position, token) => {
      const range = await server.request('textDocument/prepareRename', place(document, position), token);
      if (!range) throw new Error('Only names that a "let" of the query declares are renamed.');
      return made.range(range);
    },
    provideRenameEdits: async (document, position, newName, token) => {
      const params = { ...place(document, position), newName };
      const edit = await server.request('textDocument/rename', params, token);
      return edit ? made.workspaceEdit(edit) : null;
    },
  };
}

function plain({ start, end }) {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}
