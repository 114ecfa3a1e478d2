// The most arithmetic an adapter was seen to do: eight independent chains of multiply-adds on vec4f an invocation, all of it
// in registers. What a kernel's speed is compared with; see src/measures/ceilings.ts.
// out[i] = Σ over the chains c and their components of x, x₀ = 1 + c/8, after 8·rounds times x ← factor·x + term.

struct Ceiling {
  factor: f32,
  term: f32,
  rounds: u32,
}

@group(0) @binding(0) var<uniform> ceiling: Ceiling;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

// const WORKGROUP_SIZE: u32, from the host

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let m = vec4f(ceiling.factor); // not known to the compiler, so that it cannot do the sum in closed form
  let t = vec4f(ceiling.term);
  var x_0 = vec4f(1.0);
  var x_1 = vec4f(1.125);
  var x_2 = vec4f(1.25);
  var x_3 = vec4f(1.375);
  var x_4 = vec4f(1.5);
  var x_5 = vec4f(1.625);
  var x_6 = vec4f(1.75);
  var x_7 = vec4f(1.875);
  let rounds = ceiling.rounds;
  for (var i = 0u; i < rounds; i++) {
    x_0 = eight(x_0, m, t);
    x_1 = eight(x_1, m, t);
    x_2 = eight(x_2, m, t);
    x_3 = eight(x_3, m, t);
    x_4 = eight(x_4, m, t);
    x_5 = eight(x_5, m, t);
    x_6 = eight(x_6, m, t);
    x_7 = eight(x_7, m, t);
  }
  out[id.x] = dot(((x_0 + x_1) + (x_2 + x_3)) + ((x_4 + x_5) + (x_6 + x_7)), vec4f(1.0));
}

fn eight(x: vec4f, m: vec4f, t: vec4f) -> vec4f {
  let four = fma(fma(fma(fma(x, m, t), m, t), m, t), m, t);
  return fma(fma(fma(fma(four, m, t), m, t), m, t), m, t);
}
