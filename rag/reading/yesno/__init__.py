"""Questions for yes or no: what settles them, and what only seems to.

From the outside in:

    polarity    yes or no by the words of a sentence
    settling    by a rule that the model does not oppose, or by the model
    judging     the word of the model that verifies statements, where it is sure
    doubts      a yes or no that was found, and is of something else
    exchanged   the sentence that has another number or date
    clauses     the clauses of a sentence, and which of them deny
    opposites   words of which only one can be so
    named       the names, numbers and times of a question
"""
