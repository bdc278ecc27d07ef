"""From passages to picks: which of their sentences answer a question, the words that do, and how sure to be."""
