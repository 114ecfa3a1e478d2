// How many workgroups have begun to work for each slot: the host knows how many it asked for, and so sees what a driver has left
// out or done twice. Needs words `tally`, one a slot.

fn count_workgroup(slot: u32, invocation: u32) {
  if (invocation == 0u) {
    atomicAdd(&tally[slot], 1u);
  }
}
