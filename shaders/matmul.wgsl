// out = scale · op(a) · op(b): out is rows × cols, op(a) rows × inner, op(b) inner × cols, all row-major; op transposes what
// is stored the other way round.
//
// How an invocation makes its outputs is a part of its own, which the host chooses a call (src/kernels/matmul.ts):
// shared/matmul_tile.wgsl, shared/matmul_column.wgsl, shared/matmul_staged.wgsl or software/matmul_block.wgsl. Each has
//   multiply(workgroup, lane, local, trial)   what workgroup `workgroup` of a trial makes
// Twin: src/reference/matmul.ts

struct Call {
  a: View,
  b: View,
  out: View,
  rows: u32,
  inner: u32,
  cols: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> a: array<f32>;
@group(0) @binding(4) var<storage, read> b: array<f32>;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;

// const TRANSPOSE_A: u32, from the host
// const TRANSPOSE_B: u32, from the host
// const ROW_LANES: u32, from the host
// const COL_LANES: u32, from the host
// const INNER_LANES: u32, from the host

@compute @workgroup_size(COL_LANES, ROW_LANES, INNER_LANES)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let t = trial_of(workgroup, workgroups);
  if (t >= trials.count) {
    return;
  }
  let trial = trials.list[t];
  count_workgroup(trial.x, local);
  multiply(workgroup.x, lane, local, trial);
}

// A matrix somewhere in memory: element (i, j) is at first + i·down + j·right.
struct Matrix {
  first: u32,
  down: u32,
  right: u32,
}

fn matrix_a(trial: vec4u) -> Matrix {
  return stored(first(call.a, trial), call.rows, call.inner, TRANSPOSE_A == 1);
}

fn matrix_b(trial: vec4u) -> Matrix {
  return stored(first(call.b, trial), call.inner, call.cols, TRANSPOSE_B == 1);
}

fn stored(first: u32, rows: u32, cols: u32, transposed: bool) -> Matrix {
  return Matrix(first, select(cols, 1, transposed), select(1, rows, transposed));
}

// Four elements of a row of out, from column `col` on, which is at `at`; as many as exist.
fn store_four(at: u32, col: u32, values: vec4f) {
  if (col < call.cols) { out[at] = values.x; }
  if (col + 1 < call.cols) { out[at + 1] = values.y; }
  if (col + 2 < call.cols) { out[at + 2] = values.z; }
  if (col + 3 < call.cols) { out[at + 3] = values.w; }
}
