// Where a trial stands: the words of its state, and how one more loss changes them. Needs finite.wgsl, and
// words `state` that it may write.

struct Outcome {
  clock: u32, // step
  diverged_at: u32, // step, or NEVER
  loss_initial: u32, // losses as bits, so that no NaN is touched
  loss_last: u32,
  loss_min: u32, // of the finite ones
  sum_v: f32, // v = min(loss / loss_initial, WORST)
  sum_inverse_v: f32,
  recorded: u32, // losses
  loss_max: u32, // without its sign; NaN is above all
}

// Behind these, of the last step, numbers that are written by themselves: the share of the units that are saturated, and how many
// of the parameters are no finite numbers.
const SATURATED = 9u;
const NONFINITE = 10u;
const OUTCOME_WORDS = 11u;
const NEVER = 0xffffffffu;
const WORST = 1e6;

// Of the trial whose state begins at `at`.
fn read_outcome(at: u32) -> Outcome {
  return Outcome(
    state[at],
    state[at + 1u],
    state[at + 2u],
    state[at + 3u],
    state[at + 4u],
    bitcast<f32>(state[at + 5u]),
    bitcast<f32>(state[at + 6u]),
    state[at + 7u],
    state[at + 8u],
  );
}

fn write_outcome(at: u32, outcome: Outcome) {
  state[at] = outcome.clock;
  state[at + 1u] = outcome.diverged_at;
  state[at + 2u] = outcome.loss_initial;
  state[at + 3u] = outcome.loss_last;
  state[at + 4u] = outcome.loss_min;
  state[at + 5u] = bitcast<u32>(outcome.sum_v);
  state[at + 6u] = bitcast<u32>(outcome.sum_inverse_v);
  state[at + 7u] = outcome.recorded;
  state[at + 8u] = outcome.loss_max;
}

// Nothing is recorded of a trial that diverged, if it `stops`, nor after a NaN, which has reached the parameters and stays.
fn is_stopped(outcome: Outcome, stops: bool) -> bool {
  return (stops && outcome.diverged_at != NEVER) || nan_bits(outcome.loss_last);
}

// The outcome with the loss of step `clock` taken in, and the clock moved on; of a stopped trial only the clock moves.
// A trial diverges at a loss that is not finite or, if it `stops`, is above divergence·max(loss_initial, best_constant).
fn outcome_after(before: Outcome, loss: u32, divergence: f32, best_constant: f32, stops: bool) -> Outcome {
  var after = before;
  after.clock += 1u;
  if (is_stopped(before, stops)) {
    return after;
  }
  after.recorded += 1u;
  after.loss_last = loss;
  after.loss_max = max(after.loss_max, loss & 0x7fffffffu); // bits order as the numbers do
  if (before.clock == 0u) {
    after.loss_initial = loss;
    after.loss_min = loss;
  }
  if (finite_bits(loss) && (!finite_bits(after.loss_min) || bitcast<f32>(loss) < bitcast<f32>(after.loss_min))) {
    after.loss_min = loss;
  }
  let v = relative_loss(loss, after.loss_initial);
  after.sum_v += v;
  after.sum_inverse_v += 1.0 / max(v, 1e-30);
  if (before.diverged_at == NEVER) {
    var diverged = !finite_bits(loss);
    if (stops && !diverged) {
      diverged = bitcast<f32>(loss) > divergence * max(bitcast<f32>(after.loss_initial), best_constant);
    }
    if (diverged) {
      after.diverged_at = before.clock;
    }
  }
  return after;
}

// loss / initial, at most WORST, and WORST where one of the three is not finite or initial is 0.
fn relative_loss(loss: u32, initial: u32) -> f32 {
  if (!finite_bits(loss) || !finite_bits(initial) || (initial & 0x7fffffffu) == 0u) {
    return WORST;
  }
  let ratio = bitcast<f32>(loss) / bitcast<f32>(initial);
  return select(WORST, min(ratio, WORST), is_finite(ratio));
}
