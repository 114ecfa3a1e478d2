// A pack is one column: for networks of one or two units a layer. In place of pack_quad.wgsl.

alias Pack = f32;
alias Columns = bool;
const PACK = 1u;

fn phi(v: Pack) -> Pack {
  return phi_of(v);
}

fn phi_derivative(v: Pack) -> Pack {
  return phi_derivative_of(v);
}

fn columns_of(pack: u32, width: u32) -> Columns {
  return pack < width;
}

fn squared(v: Pack) -> f32 {
  return v * v;
}

fn loss_of(prediction: Pack, label: Pack, count: u32) -> f32 {
  return loss_value(prediction, label);
}

fn loss_slope(prediction: Pack, label: Pack) -> Pack {
  return loss_derivative(prediction, label);
}

fn finite_columns(v: Pack) -> Columns {
  return is_finite(v);
}

fn saturated_columns(v: Pack, columns: Columns) -> u32 {
  return u32(is_saturated(v) && columns);
}

fn nonfinite_columns(v: Pack) -> u32 {
  return u32(!is_finite(v));
}

fn normal_or_nan_pack(v: Pack) -> Pack {
  return normal_or_nan(v);
}

fn not_negative_pack(v: Pack) -> Pack {
  return not_negative(v);
}

fn pack_of_x(at: u32, count: u32) -> Pack {
  return x[at];
}

fn pack_of_y(at: u32, count: u32) -> Pack {
  return y[at];
}
