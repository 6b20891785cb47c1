def document_of_defaults() -> bytes:
    return b""
