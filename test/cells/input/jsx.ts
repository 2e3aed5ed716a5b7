const list = <ul className="a">{items.map((item) => <li key={item}>{item}</li>)}</ul>;
list;
