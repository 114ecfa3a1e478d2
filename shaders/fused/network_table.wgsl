// The network as data: one pipeline for networks of any size. In its place: text that the host writes (src/kernels/written_network.ts).

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(9) var<uniform> table: array<Layer, 64>;

fn layer_of(l: u32) -> Layer {
  return table[l];
}
