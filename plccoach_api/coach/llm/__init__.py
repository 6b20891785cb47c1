"""The client of a language model: requests, errors, deadlines, the circuit breaker and the guard of the prompt."""
