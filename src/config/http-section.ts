import { name } from './name-schema.ts';

/** Who listens for HTTP, and who may ask. Nobody listens where the section is left out. */
export const HTTP_SECTION = {
  http: {
    description: 'Health and figures over HTTP, while huntwire run goes on; left out: nothing listens.',
    type: 'object',
    additionalProperties: false,
    properties: {
      host: {
        type: 'string',
        minLength: 1,
        maxLength: 253,
        default: '127.0.0.1',
        description: 'The address to listen on; beyond this machine, figures need a token.',
      },
      port: { type: 'integer', minimum: 0, maximum: 65535, default: 8484, description: '0: any that is free.' },
      basePath: {
        type: 'string',
        pattern: '^/[A-Za-z0-9._/-]{0,200}$',
        'x-hint': 'a path that begins with a slash, such as /huntwire',
        default: '/',
        description: 'What stands in front of every path.',
      },
      tokens: {
        description: 'Who may ask from elsewhere, with which token, for what.',
        type: 'array',
        maxItems: 100,
        default: [],
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['name', 'token'],
          properties: {
            name: { ...name, description: 'Who holds it; the log names it.' },
            token: {
              type: 'string',
              pattern: '^[\\x21-\\x7e]{16,512}$',
              'x-hint': 'at least 16 printable characters without spaces',
              format: 'password',
              description: 'Sent as a bearer token.',
            },
            scopes: {
              type: 'array',
              minItems: 1,
              uniqueItems: true,
              items: { enum: ['read', 'run', 'write'] },
              default: ['read'],
              description: 'read: look; run: ask and rehearse; write: change.',
            },
          },
        },
      },
    },
  },
} as const;
