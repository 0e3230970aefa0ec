"""The planner takes flow.accepted, unit results, queries; says unit requests, flow and subtask events; owns flows."""
