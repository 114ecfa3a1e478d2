import { LAYER_FIELDS, NETWORK_FIELDS, type FusedNetwork, type LayerField } from './fused_network';
import type { WgslPart } from './kernel';

/**
 * A network written into the shader, in place of `fused/network_table.wgsl` and `fused/walk_table.wgsl`: its layers are constants, and each
 * is gone through by calls of its own. So the compiler knows every size, address and branch, and unrolls what is short; but every
 * network is a pipeline of its own.
 */
export function writtenNetwork({ header, layers }: FusedNetwork): WgslPart {
  const up = [...layers.keys()];
  const lines = [
    `const network = Network(${[...NETWORK_FIELDS.map((name) => `${header[name]}u`), '0u'].join(', ')});`,
    ...layers.map((layer, l) => `const LAYER_${l} = Layer(${wordsOf(layer)});`),
    'fn layer_of(l: u32) -> Layer {',
    '  switch l {',
    ...up.slice(1).map((l) => `    case ${l}u: { return LAYER_${l}; }`),
    '    default: { return LAYER_0; }',
    '  }',
    '}',
    'fn forward(lane: u32, base: u32, settings_0: u32, input: u32, rows: u32) {',
    ...up.map((l) => `  forward_layer(lane, base, settings_0, ${l}u, input, rows);`),
    '}',
    'fn backward(lane: u32, base: u32, settings_0: u32, norms_0: u32, input: u32, rows: u32) {',
    ...up.toReversed().map((l) => `  backward_step(lane, base, settings_0, norms_0, ${l}u, input, rows);`),
    '}',
  ];
  return { file: 'the network, written by the host', text: lines.join('\n') };
}

function wordsOf(layer: Readonly<Record<LayerField, number>>): string {
  const words = LAYER_FIELDS.map((name) => (name === 'scale' ? `${layer[name]}f` : `${layer[name]}u`));
  return [...words, '0u', '0u', '0u'].join(', ');
}
