import { register } from 'node:module';

/** `--import` it: what the process loads as ES modules is written to the file LOADED, one a line. */
register('./loaded-hooks.mjs', import.meta.url, { data: process.env.LOADED });
