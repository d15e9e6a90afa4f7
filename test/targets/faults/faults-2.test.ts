import { describeFaults } from '../../contract/faults/faults-contract.ts';

// Three files, so that they can run at the same time.
describeFaults(1, 3);
