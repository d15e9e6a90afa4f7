import { PRESETS } from '../../../src/formats/presets/registry.ts';
import { describePreset } from '../../contract/preset.ts';

for (const preset of PRESETS.values()) describePreset(preset);
