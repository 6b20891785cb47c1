"""Wire dialects of services with OpenAI's protocol, and the programs that answer questions through them."""
