import { name } from './name-schema.ts';

const scopes = {
  type: 'array',
  minItems: 1,
  uniqueItems: true,
  items: { enum: ['read', 'run', 'write'] },
  default: ['read'],
  description: 'read: look; run: ask and rehearse; write: change.',
} as const;

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
      console: {
        type: 'boolean',
        default: false,
        description: 'Whether there are pages for people, at console/ below the base path.',
      },
      login: {
        description:
          'A reverse proxy that has people sign in for the console; left out: they sign in with a token that may read.',
        type: 'object',
        additionalProperties: false,
        required: ['header', 'from'],
        properties: {
          header: {
            type: 'string',
            pattern: '^[A-Za-z0-9-]{1,64}$',
            'x-hint': 'the name of a header, such as X-Forwarded-User',
            description: 'The header in which it names the person; it must take it out of what others send.',
          },
          from: {
            type: 'array',
            minItems: 1,
            maxItems: 20,
            items: { type: 'string', minLength: 2, maxLength: 45 },
            description: 'Addresses of the proxy, such as 127.0.0.1: nobody else is believed.',
          },
          scopes,
        },
      },
      query: {
        description: 'Over what queries can be tried in the console.',
        type: 'object',
        additionalProperties: false,
        properties: {
          data: {
            type: 'array',
            maxItems: 50,
            items: { type: 'string', minLength: 1, 'x-path': true },
            default: [],
            description: 'Folders or files of events of this machine.',
          },
          tenant: {
            type: 'boolean',
            default: false,
            description: 'Whether tenants may be asked, too, by who may run; it counts towards their quota.',
          },
        },
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
            scopes,
          },
        },
      },
    },
  },
} as const;
