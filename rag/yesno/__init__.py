"""Questions for yes or no: what settles them, by rules and by the verifier's model, and what only seems to.

polarity    yes or no by the words of a sentence
judging     by the model that verifies statements, where it is sure
doubts      a yes or no that was found, and is of something else
exchanged   the sentence that has another number or date
"""
