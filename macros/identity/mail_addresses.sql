{#- Parts of a mail address that clean_alias() has put in lower case. -#}
{% macro mail_pattern() %}{% do return('^[^@ ]+@[^@ ]+[.][^@ ]+$') %}{% endmacro %}

{% macro mail_local_part(expression) %}{{ regex_get(expression, '^([^@]+)@', 1) }}{% endmacro %}

{% macro mail_domain(expression) %}{{ regex_get(expression, '@([^@]+)$', 1) }}{% endmacro %}


{#- Whether an alias is a name a person signs in with; ids and hashes are none. -#}
{% macro is_login(alias_type, alias_value) -%}
    {{ alias_type }} in ('github_login', 'gitlab_login', 'login', 'user_name', 'username', 'saml_nameid')
        and {{ regex_matches(alias_value, '^[a-z][a-z0-9._-]*$') }}
{%- endmacro %}
