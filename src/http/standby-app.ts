import { Hono } from 'hono';
import { failWith } from './http-failure.ts';

/**
 * What a process answers that stands by while another one runs on its state: that it is alive, and as ready as it can be, so that whoever
 * starts processes one after another goes on. For all else the other one is to be asked.
 */
export function createStandbyApp(basePath: string): Hono {
  const app = new Hono().basePath(basePath);
  app.get('/livez', (context) => context.json({ alive: true, standby: true }));
  app.get('/readyz', (context) => context.json({ ready: true, standby: true }));
  app.all('*', (context) => failWith(context, ELSEWHERE));
  return app;
}

const ELSEWHERE = {
  status: 503,
  code: 'STATE_LOCKED',
  message: 'This process stands by; another one runs on its state: ask that one.',
} as const;
