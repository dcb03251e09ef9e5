-- The three roles of the application and its database. Run once, by a superuser (or a managed
-- server's master user), with psql: passwords and the database's name come from the environment.
--   flexion_owner    owns the database and migrates it
--   flexion_app      serves pages and works tasks; row security binds it
--   flexion_planner  plans reminders over all clinics, and may do nothing else
\set ON_ERROR_STOP on
\getenv database FLEXION_DATABASE
\getenv owner_password FLEXION_OWNER_PASSWORD
\getenv app_password FLEXION_APP_PASSWORD
\getenv planner_password FLEXION_PLANNER_PASSWORD

create role flexion_owner login nosuperuser nocreaterole nobypassrls password :'owner_password';
create role flexion_app login nosuperuser nocreatedb nocreaterole nobypassrls
    password :'app_password';
create role flexion_planner login nosuperuser nocreatedb nocreaterole nobypassrls
    password :'planner_password';

grant flexion_owner to current_user;
create database :"database" owner flexion_owner;
revoke all on database :"database" from public;
grant connect on database :"database" to flexion_app, flexion_planner;
