package enum NotebookPlaceholder {}
