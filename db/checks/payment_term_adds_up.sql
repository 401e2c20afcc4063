-- The percents of a payment term add up to 100
select t.payment_term_id, t.name, sum(l.percent) as percent
from ref.payment_term as t
left join ref.payment_term_line as l on l.payment_term_id = t.payment_term_id
group by t.payment_term_id, t.name
having sum(l.percent) is distinct from 100;
