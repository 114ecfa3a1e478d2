// How the features (columns) of a rows × features matrix are dealt out: a workgroup takes FEATURES neighbouring ones of one
// trial, and its ROW_LANES every ROW_LANES-th row, so that what depends on the feature alone is read once.

// const FEATURES: u32, from the host
// const ROW_LANES: u32, from the host

// Where each row is for itself, a workgroup takes ROW_BLOCK rows of its features:
//   let block = feature_block(workgroup, lane, rows, features);
//   if (block.feature < features) { for (var row = block.row; row < block.end; row += ROW_LANES) { … } }
const ROW_BLOCK = 32 * ROW_LANES;

struct FeatureBlock {
  feature: u32,
  row: u32,
  end: u32,
}

fn feature_block(workgroup: vec3u, lane: vec3u, rows: u32, features: u32) -> FeatureBlock {
  let groups = (features + FEATURES - 1) / FEATURES;
  let row = workgroup.x / groups * ROW_BLOCK;
  return FeatureBlock(workgroup.x % groups * FEATURES + lane.x, row + lane.y, min(row + ROW_BLOCK, rows));
}
