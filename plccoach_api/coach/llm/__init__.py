"""The client of a language model: requests in the dialect of a service, thoughts, errors, deadlines and guards."""
