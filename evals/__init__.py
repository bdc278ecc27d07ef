"""The grounding evaluation: span-anchored questions, metrics for each stage, and a gate for CI.

No judge model, no network, the same result every time. `python -m evals` runs the gate.
"""
