/** What the protocol has, as VS Code has it; numbers of kinds differ by one. */
exports.converters = (vscode) => {
  const position = ({ line, character }) => new vscode.Position(line, character);
  const range = ({ start, end }) => new vscode.Range(position(start), position(end));
  const edit = (one) => new vscode.TextEdit(range(one.range), one.newText);
  const workspaceEdit = ({ changes = {} }) => {
    const made = new vscode.WorkspaceEdit();
    for (const [uri, edits] of Object.entries(changes)) made.set(vscode.Uri.parse(uri), edits.map(edit));
    return made;
  };
  const diagnostic = (one) => {
    const made = new vscode.Diagnostic(range(one.range), one.message, (one.severity ?? 1) - 1);
    made.code = one.code;
    made.source = one.source;
    return made;
  };
  const completion = (one) => {
    const made = new vscode.CompletionItem(one.label, (one.kind ?? 1) - 1);
    const { newText } = one.textEdit;
    made.insertText = one.insertTextFormat === 2 ? new vscode.SnippetString(newText) : newText;
    made.range = range(one.textEdit.range);
    made.sortText = one.sortText;
    made.filterText = one.filterText;
    made.detail = one.detail;
    made.documentation = one.documentation;
    return made;
  };
  const hover = (one) =>
    new vscode.Hover(new vscode.MarkdownString(one.contents.value), one.range ? range(one.range) : undefined);
  const action = (one) => {
    const made = new vscode.CodeAction(one.title, vscode.CodeActionKind.QuickFix);
    made.edit = workspaceEdit(one.edit);
    made.isPreferred = one.isPreferred;
    return made;
  };
  const lens = (one) => new vscode.CodeLens(range(one.range), one.command);
  const hint = (one) => {
    const made = new vscode.InlayHint(position(one.position), one.label);
    made.paddingLeft = one.paddingLeft;
    made.tooltip = one.tooltip;
    return made;
  };
  const fold = ({ startLine, endLine }) => new vscode.FoldingRange(startLine, endLine);
  const tokens = ({ data }) => new vscode.SemanticTokens(new Uint32Array(data));
  return { range, edit, workspaceEdit, diagnostic, completion, hover, action, lens, hint, fold, tokens };
};
