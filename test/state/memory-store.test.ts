import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { describeStore } from '../contract/store.ts';

describeStore('memory', () => ({
  open: async (clock) => openMemoryStore({ clock }),
  clean: async () => undefined,
}));
