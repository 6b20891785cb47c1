-- Compiling a search takes longer than running it.
SET LOCAL jit = off
