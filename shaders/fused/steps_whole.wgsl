// A dispatch trains every trial for many steps. In its place on software adapters: a dispatch a phase (software/phase.wgsl).

fn has_below(l: u32) -> bool {
  return l > 0u;
}

fn differentiates_below(l: u32) -> bool {
  return network.table[l - 1u].activated == ACTIVATED_LAST;
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let t = trial_of_team(workgroup, workgroups, invocation);
  if (t >= trials.count) {
    return;
  }
  let trial = trials.list[t];
  let slot = trial.x;
  let lane = member_of_team(invocation);
  let base = open_memory(t, slot, network.stride, network.carried, lane);
  let settings_0 = slot * network.settings;
  fetch_data(lane, base, trial.y);
  var outcome = read_outcome(OUTCOME_WORDS * slot);
  for (var step = 0u; step < network.steps; step++) {
    let clock = outcome.clock;
    forward(lane, base, settings_0, network.x, network.samples);
    outcome = judge(lane, base, settings_0, slot, outcome);
    if (step + 1u == network.steps && network.until == network.total) {
      examine(lane, base, slot);
    }
    if (agreed(lane, is_over(outcome))) {
      outcome.clock = network.until; // as if it had been trained on, which would change nothing
      break;
    }
    var input = network.x;
    var rows = network.samples;
    if (MINIBATCH != 0u) {
      input = network.batch_x;
      rows = network.batch;
      gather(lane, base, trial.w, clock);
      forward(lane, base, settings_0, input, rows);
      start_delta(lane, base);
    }
    settle();
    let last = network.layers - 1u;
    for (var back = 0u; back <= last; back++) {
      let l = last - back;
      let layer = network.table[l];
      let delta = delta_of(base, l);
      if (is_normalized(layer)) {
        batch_normalize_backward(lane, base, settings_0, layer, l, rows, delta);
        settle();
      }
      backward_layer(
        lane, base, settings_0, norms_of(slot, clock), layer, l, input_of(l, input), delta, base + input_of(l, input), rows,
      );
    }
  }
  if (lane == 0u) {
    if (loops_are_cut()) {
      outcome.clock = NEVER; // what the loops above have done is worth nothing, which the host sees by this
    }
    write_outcome(OUTCOME_WORDS * slot, outcome);
  }
  close_memory(slot, network.stride, network.carried, lane);
}

// Some drivers end the loops of an invocation after so many iterations in all, without a word (Mesa's lavapipe after 65,535):
// the rest of them run once. Then this one does too.
fn loops_are_cut() -> bool {
  var turns = 0u;
  for (var i = 0u; i <= network.layers; i++) {
    turns += 1u;
  }
  return turns != network.layers + 1u;
}

fn forward(lane: u32, base: u32, settings_0: u32, input: u32, rows: u32) {
  for (var l = 0u; l < network.layers; l++) {
    let layer = network.table[l];
    multiply_layer(lane, base, settings_0, layer, input_of(l, input), rows);
    settle();
    if (is_normalized(layer)) {
      batch_normalize(lane, base, settings_0, layer, rows);
      settle();
    }
  }
}

fn input_of(l: u32, data: u32) -> u32 {
  return select(network.table[max(l, 1u) - 1u].output, data, l == 0u);
}

// A layer's delta takes the place of its output, which by then nobody reads any more.
fn delta_of(base: u32, l: u32) -> u32 {
  return base + network.table[l].output;
}

// The gradient of W, while the layer's input a is still there.
fn take_gradient(lane: u32, base: u32, layer: Layer, rows: u32, a: u32, delta: u32) {
  multiply_transposed(lane, rows, layer.packs_in, layer.packs_out, a, delta, base + network.gradient, layer.scale, layer.splits);
  settle();
}

// W moves against that gradient. Gives ‖∇W‖² and ‖W‖² before.
fn move_weights(lane: u32, base: u32, settings_0: u32, layer: Layer, rows: u32, a: u32, delta: u32, rate: f32, decay: f32) -> Squares {
  settle(); // the layer below has its delta by these weights
  let gradient = base + network.gradient;
  let partial = PACK * layer.packs_in * layer.packs_out;
  var squares = Squares();
  for (var p = lane; p < layer.fan_in * layer.packs_out; p += TEAM) {
    var slope = load(gradient + p);
    for (var split = 1u; split < layer.splits; split++) {
      slope += load(gradient + split * partial + p);
    }
    let weight = load(base + layer.weights + p);
    squares = squares_with(squares, slope, weight);
    update(base, settings_0, layer.weights + p, weight, slope, rate, decay);
  }
  settle(); // the next layer's gradient takes the place of this one
  return squares;
}
