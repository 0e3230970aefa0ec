"""`python -m services planner`: run one service."""

import sys
from importlib import import_module

NAMES = ("intake", "planner", "transcoder", "snapshotter", "merger", "notifier")


def main() -> None:
    """Run the service that the first argument names."""
    if len(sys.argv) != 2 or sys.argv[1] not in NAMES:
        raise SystemExit(f"usage: python -m services {{{','.join(NAMES)}}}")
    import_module(f"services.{sys.argv[1]}.app").main()


if __name__ == "__main__":
    main()
