// Optional in WebGPU; stands before every other part of a shader that needs it.
enable subgroups;
