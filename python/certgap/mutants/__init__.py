"""Mutation testing of the project's SQL: is each rule that a model states held by some test?"""
