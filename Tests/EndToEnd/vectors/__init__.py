"""How the vectors of Tests/Vectors are made, by scripts/make-vectors."""
