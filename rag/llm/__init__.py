"""A language model: what one is, who provides it, what it is given and what of its reply is kept.

models, providers   what one is; OpenAI's protocol and Anthropic's, chosen by the settings
patience            how long and how often it is asked
prompting           the passages as numbered sentences, and the history
rewriting           a follow-up as the model words it
cited               what it says, statement by statement, while it writes
support, drafting   each statement beside what it cites; what is kept of a reply
"""
