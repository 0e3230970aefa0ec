"""Where vodflow runs: the embedded stack (local), containers and Kubernetes."""
