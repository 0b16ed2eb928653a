//! ONNX files of many nodes on one constant, which random breaks of real files never make: each node takes few bytes, and may ask for as many numbers as the constant has.

use secant_train::Random;

/// A message of the format being written.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn whole(mut self, number: u64, value: u64) -> Self {
        self.varint(number << 3);
        self.varint(value);
        self
    }

    fn bytes(mut self, number: u64, bytes: &[u8]) -> Self {
        self.varint(number << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    fn message(self, number: u64, message: &Self) -> Self {
        self.bytes(number, &message.0)
    }
}

fn node(operator: &str, inputs: &[&str], output: &str) -> Message {
    let inputs = inputs.iter();
    inputs
        .fold(Message::default(), |node, input| {
            node.bytes(1, input.as_bytes())
        })
        .bytes(2, output.as_bytes())
        .bytes(4, operator.as_bytes())
}

/// A square constant in single precision, all of it 1.
fn square(name: &str, side: u64) -> Message {
    let numbers = 1.0_f32.to_le_bytes().repeat((side * side) as usize);
    Message::default()
        .whole(1, side)
        .whole(1, side)
        .whole(2, 1)
        .bytes(8, name.as_bytes())
        .bytes(9, &numbers)
}

/// A row of numbers as long as a sample.
fn row(name: &str, side: u64) -> Message {
    let numbers = 2.0_f32.to_le_bytes().repeat(side as usize);
    Message::default()
        .whole(1, side)
        .whole(2, 1)
        .bytes(8, name.as_bytes())
        .bytes(9, &numbers)
}

fn value(name: &str, side: u64) -> Message {
    let side = Message::default().whole(1, side);
    let sides = Message::default()
        .message(1, &Message::default())
        .message(1, &side);
    let tensor = Message::default().whole(1, 1).message(2, &sides);
    Message::default()
        .bytes(1, name.as_bytes())
        .message(2, &Message::default().message(1, &tensor))
}

/// A file of some nodes in a row, each of which reads one of two constants, by its own name or by another.
#[must_use]
pub fn crowded(random: &mut Random) -> Vec<u8> {
    const OPERATORS: [&str; 6] = ["MatMul", "Sub", "Mul", "Div", "Add", "Relu"];
    let nodes = 1 << random.below(11);
    // All of one kind, or any.
    let one = OPERATORS.get(random.below(2 * OPERATORS.len() as u64) as usize);
    let has_square = one.is_none_or(|one| *one == "MatMul");
    let side = 1 << random.below(if has_square { 8 } else { 13 });
    let by_another_name = random.below(2) == 1;
    let mut graph = Message::default();
    if !has_square {
        // Rows alone, which may be long.
    } else if random.below(2) == 1 {
        let tensor = Message::default()
            .bytes(1, b"value")
            .message(5, &square("", side));
        graph = graph.message(1, &node("Constant", &[], "square").message(5, &tensor));
    } else {
        graph = graph.message(5, &square("square", side));
    }
    graph = graph.message(5, &row("row", side));
    let mut last = "input".to_owned();
    for place in 0..nodes {
        let any = OPERATORS[random.below(OPERATORS.len() as u64) as usize];
        let operator = *one.unwrap_or(&any);
        let mut constant = if operator == "MatMul" {
            "square"
        } else {
            "row"
        }
        .to_owned();
        if by_another_name {
            let other = format!("c{place}");
            let renamed = if operator == "MatMul" && random.below(2) == 1 {
                "Transpose"
            } else {
                "Identity"
            };
            graph = graph.message(1, &node(renamed, &[&constant], &other));
            constant = other;
        }
        let next = format!("v{place}");
        let inputs = [last.as_str(), &constant];
        let inputs = if operator == "Relu" {
            &inputs[..1]
        } else {
            &inputs
        };
        graph = graph.message(1, &node(operator, inputs, &next));
        last = next;
    }
    let graph = graph
        .message(1, &node("Identity", &[&last], "output"))
        .message(11, &value("input", side))
        .message(12, &value("output", side));
    let version = Message::default().bytes(1, b"").whole(2, 20);
    Message::default()
        .whole(1, 9)
        .message(8, &version)
        .message(7, &graph)
        .0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{Outcome, held};

    #[test]
    fn many_nodes_on_one_constant_take_little_memory() {
        let mut random = Random::new(7);
        let mut counts = [0, 0];
        for _ in 0..400 {
            let outcome = held(&crowded(&mut random));
            assert!(outcome.is_ok(), "{outcome:?}");
            counts[usize::from(outcome == Ok(Outcome::Read))] += 1;
        }
        assert!(counts.iter().all(|count| *count > 5), "{counts:?}");
    }
}
