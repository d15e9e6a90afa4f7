/** Stands in for dist/main.js where a script starts it often: the command line of cli-server.ts performs the arguments. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

const socket = connect({ port: Number(process.env.CLI_SERVER_PORT), host: '127.0.0.1', allowHalfOpen: true });
const { CLI_SERVER_PORT, ...env } = process.env;
socket.end(JSON.stringify({ argv: process.argv.slice(2), cwd: process.cwd(), env }));
const { code, out, err } = JSON.parse(await text(socket));
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
