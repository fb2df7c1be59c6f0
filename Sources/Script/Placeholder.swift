package enum ScriptPlaceholder {}
