// Takes the loss of step t = state.clock into a trial's history and running outcome, and moves the clock on:
//   v = loss/loss_initial, at most 1e6, which it also is where that is no finite number; its sum, and that of 1/v;
//   diverged at the first loss that is not finite or, if STOPS, exceeds settings[divergence_at]·max(loss_initial,
//   settings[best_constant_at]); if STOPS, nothing but the clock changes after that, nor after a NaN.
// loss (1 word), settings, history (ring words), state (struct Outcome in shared/outcome.wgsl). A loss is bound as bits
// because only tests of bits see NaN and infinity. One invocation a trial. Arithmetic: shared/outcome.wgsl.
// Source: the outcome rules of the experiment document, the second from arXiv 2402.06184.
// Twin: src/reference/outcome_record.ts

struct Call {
  loss: View,
  settings: View,
  history: View,
  state: View,
  ring: u32,
  divergence_at: u32,
  best_constant_at: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> trials: Trials;
@group(0) @binding(2) var<storage, read_write> tally: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> loss: array<u32>;
@group(0) @binding(4) var<storage, read> settings: array<f32>;
@group(0) @binding(5) var<storage, read_write> history: array<u32>;
@group(0) @binding(6) var<storage, read_write> state: array<u32>;

// const STOPS: u32, from the host

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let t = trial_of(workgroup, workgroups);
  if (t >= trials.count) {
    return;
  }
  let trial = trials.list[t];
  count_workgroup(trial.x, 0u);
  let settings0 = first(call.settings, trial);
  let state0 = first(call.state, trial);
  let before = read_outcome(state0);
  let stops = STOPS != 0u;
  let bits = loss[first(call.loss, trial)];
  if (!is_stopped(before, stops)) {
    history[first(call.history, trial) + before.clock % call.ring] = bits;
  }
  let divergence = settings[settings0 + call.divergence_at];
  let best_constant = settings[settings0 + call.best_constant_at];
  let after = outcome_after(before, bits, divergence, best_constant, stops);
  write_outcome(state0, after);
}
