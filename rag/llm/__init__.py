"""A language model: who provides it, what it is given, what of its reply is kept.

In the order in which a question meets them:

    models, providers   what one is; OpenAI's protocol and Anthropic's, chosen by the settings
    patience            how long and how often it is asked
    rewriting           a follow-up as the model words it
    prompting           the passages as numbered sentences
    cited               what it says, statement by statement, while it writes
    support, drafting   each statement beside what it cites; what is kept of a reply
"""
