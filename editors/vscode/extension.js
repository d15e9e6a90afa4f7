const vscode = require('vscode');
const { startClient } = require('./client.js');

let client = null;

exports.activate = async (context) => {
  const output = vscode.window.createOutputChannel('Huntwire');
  const start = async () => {
    client = await startClient(vscode, output);
  };
  const restart = async () => {
    await client?.stop();
    await start();
  };
  context.subscriptions.push(output, vscode.commands.registerCommand('huntwire.restart', restart));
  await start();
};

exports.deactivate = () => client?.stop();
